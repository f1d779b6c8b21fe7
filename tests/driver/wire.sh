# A continuation that one run keeps in a file goes on in another run of the same binary, with what it had; another
# build that changes a function on its path refuses it, naming the code; one with unrelated changes runs it.
cat > app.scm <<'END'
(define-record-type point (make-point x) point? (x point-x))
(define (save k)
  (let ((port (open-binary-output-file "image")))
    (write-bytevector (object->bytevector k) port)
    (close-port port)
    "first run"))
(define (work n p)
  (if (= n 0)
      (call/cc save)
      (let ((text (work (- n 1) p)))
        (string-append text (if (point? p) (number->string (point-x p)) "?")))))
(define (start)
  (println (work 3 (make-point 7)))
  (println "end of the task"))
(define (main . args)
  (if (null? args)
      (start)
      ((bytevector->object (read-bytevector 1000000 (open-binary-input-file "image"))) "second run")))
END
"$TCC" app.scm -o app
[ "$(./app)" = "first run777
end of the task" ]
[ "$(./app resume)" = "second run777
end of the task" ]

sed 's/^(define-record-type/(define (unrelated x) (* x x))\n&/; s/(null? args)/(null? (begin (unrelated 2) args))/' app.scm > other.scm
"$TCC" other.scm -o other
[ "$(./other resume)" = "second run777
end of the task" ]

sed 's/"?"/"!"/' app.scm > edited.scm
"$TCC" edited.scm -o edited
! ./edited resume > out 2> err
grep -q 'code that this program does not have' err

# Pids and tags of another run are not ours, and equal to themselves; together with ours they go round unchanged.
cat > ids.scm <<'END'
(define (load-image) (bytevector->object (call-with-port (open-binary-input-file "ids") (lambda (p) (read-bytevector 10000 p)))))
(define (main . args)
  (if (null? args)
      (call-with-port (open-binary-output-file "ids")
        (lambda (port) (let ((tag (make-tag))) (write-bytevector (object->bytevector (list (self) tag tag)) port))))
      (let ((a (load-image)) (b (load-image)))
        (println (pid? (car a)) (equal? (car a) (self)) (equal? a b) (eq? (cadr a) (caddr a)))
        (println (equal? (bytevector->object (object->bytevector (cons (self) a))) (cons (self) b))))))
END
"$TCC" ids.scm -o ids.exe
./ids.exe
[ "$(./ids.exe load)" = "#t#f#t#t
#t" ]
