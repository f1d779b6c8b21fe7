# Continuations in files, taken up where things are not as they were.

# A continuation of the top level goes on in a run where a variable it reads is not defined yet: that is an error, as
# for any variable.
cat > top.scm <<'END'
(define (save k)
  (call-with-port (open-binary-output-file "image") (lambda (port) (write-bytevector (object->bytevector k) port)))
  1)
(define (load)
  (call-with-port (open-binary-input-file "image") (lambda (port) (bytevector->object (read-bytevector 1000000 port)))))
(if (file-exists? "image") ((load) 2))
(define x (list 1 2))
(define run (call/cc save))
(println run x)
END
"$TCC" top.scm -o top
[ "$(./top)" = "1(1 2)" ]
! ./top > out 2> err
grep -q 'unbound variable: x' err

# A build in which functions on the path have been edited refuses the continuation and says which.
cat > app.scm <<'END'
(define (save k)
  (call-with-port (open-binary-output-file "path") (lambda (port) (write-bytevector (object->bytevector k) port)))
  0)
(define (inner x) (+ x (call/cc save)))
(define (frob n) (if (= n 0) (inner 1) (+ n (frob (- n 1)))))
(define (outer) (list "answer" (frob 3)))
(define (task) (println (outer)) (println "done"))
(define (main . args)
  (if (null? args)
      (task)
      ((bytevector->object (call-with-port (open-binary-input-file "path") (lambda (p) (read-bytevector 100000 p)))) 5)))
END
"$TCC" app.scm -o app
[ "$(./app)" = "(answer 7)
done" ]
[ "$(./app resume)" = "(answer 12)
done" ]
refuses() { # refuses WORDS: the edited program of standard input refuses, and says so
    cat > edited.scm
    "$TCC" edited.scm -o edited
    code=0
    ./edited resume > out 2> err || code=$?
    [ "$code" = 70 ] && [ ! -s out ] && grep -qF "$1" err || { cat err; exit 1; }
}
sed 's/(+ n (frob/(* n (frob/' app.scm | refuses '"the procedure frob of edited.scm differs"'
sed 's/"answer"/"result"/' app.scm | refuses 'the procedure outer of edited.scm differs'
sed 's/"done"/"end"/' app.scm | refuses 'the procedure task of edited.scm differs' # outer is inlined there
sed 's/frob/grob/g; s/(+ n (grob/(* n (grob/' app.scm | refuses '"the procedure frob is not there"'

# It says so too where several of the path have been inlined into one, and the edit is behind a later call; of those
# that have one name, those of the program are meant.
cat > path.scm <<'END'
(define (save k)
  (call-with-port (open-binary-output-file "route") (lambda (port) (write-bytevector (object->bytevector k) port))))
(define (inner n) (call/cc save) (+ n 1))
(define (middle n) (let ((v (inner (* n 2)))) (println "middle") (* v 3)))
(define (outer n) (let ((v (middle (+ n 1)))) (println "outer") v))
(define (again n) (let loop ((i 0)) (if (= i 3) (inner i)) (if (< i n) (loop (+ i 1)) i)))
(define (nested n) (let loop ((i 0)) (if (< i n) (let turn ((j 0)) (if (< j 2) (begin (inner j) (turn (+ j 1))) (loop (+ i 1)))) i)))
(define (below n) (if (= n 0) (inner 0) (+ 1 (below (- n 1)))))
(define (caller ns) (for-each (lambda (n) (println (below n))) ns))
(define (main . args)
  (cond ((null? args) (outer 4))
        ((equal? (car args) "caller") (caller '(3 4)))
        ((equal? (car args) "loop") (again 5))
        ((equal? (car args) "nested") (nested 5))
        (else ((bytevector->object (call-with-port (open-binary-input-file "route") (lambda (port) (read-bytevector 100000 port)))) 0))))
END
"$TCC" path.scm -o path.exe
./path.exe > out
sed 's/"outer"/"OUTER"/' path.scm | refuses 'the procedure outer of edited.scm differs'
./path.exe loop
sed 's/(+ i 1)/(+ i 2)/' path.scm | refuses 'the procedure loop of edited.scm differs'
./path.exe caller > out # what is there still, but is called by code that is not, since it calls something else now
sed 's/(= n 0) (inner 0)/(= n 0) (inner 1)/' path.scm | refuses 'the procedure below that it calls'
./path.exe nested
sed 's/(turn (+ j 1))/(turn (+ j 2))/' path.scm | refuses 'the procedure nested of edited.scm differs' # where these loops are

# Parameters of the top level, the library's own too, keep in another run, and in another program, what they were
# bound to.
cat > params.scm <<'END'
(define p (make-parameter 1))
(define unused (make-parameter 2))
(define (save k)
  (call-with-port (open-binary-output-file "params") (lambda (port) (write-bytevector (object->bytevector k) port)))
  0)
(define (task x) (list x (p) (q)))
(define q (make-parameter 3 list))
(define (main . args)
  (if (null? args)
      (println (parameterize ((p 5) (q 6))
                 (with-output-to-string (lambda () (let ((x (call/cc save))) (display "to a string ") (display (task x)))))))
      ((bytevector->object (call-with-port (open-binary-input-file "params") (lambda (p) (read-bytevector 100000 p)))) 7)))
END
"$TCC" params.scm -o params.exe
[ "$(./params.exe)" = "to a string (0 5 (6))" ]
[ "$(./params.exe again)" = "to a string (7 5 (6))" ]
sed 's/(define unused.*/(define other (make-parameter 0))/; s/make-parameter 1/make-parameter 100/' params.scm > others.scm
"$TCC" others.scm -o others
[ "$(./others again)" = "to a string (7 5 (6))" ]

# Edits elsewhere leave the path alone even if they call what it calls: how often a procedure is called, and with what,
# does not change its code, nor the library's in it.
cat > spare.scm <<'END'
(define (spare x) (println "spare" (frob x) (inner 0) (map (lambda (y) (* y y)) (list x))) (outer))
(define (another) (spare 3) (task))
(! (self) (list spare another))
END
cat app.scm spare.scm > spared.scm
"$TCC" spared.scm -o spared
[ "$(./spared resume)" = "(answer 12)
done" ]
